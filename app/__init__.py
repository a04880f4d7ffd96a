"""Balcão: a multi-tenant WhatsApp CRM whose business rules live in PostgreSQL."""
