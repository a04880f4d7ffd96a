"""Providers of WhatsApp: one module each, behind the Protocol of `envio.py`."""
