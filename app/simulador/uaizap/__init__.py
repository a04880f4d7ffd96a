"""The UaiZap side: instances that are linked devices, their messages, and webhooks that prove nothing."""
