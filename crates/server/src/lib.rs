//! HTTP and JSON: the API under /api/v1 and the embedded web app.
