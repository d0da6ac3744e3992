"""/api/v1/: what others may read. An address that needs to know articles and clinics both is composed here."""
