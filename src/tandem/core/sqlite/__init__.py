"""Django's SQLite, with connections that outlive a request where pages are served."""
