//! What the product does, as plain functions: receive, check, accept, register, verify, rebuild.
