"""What every address under /api/v1/ has in common: JSON only, for anybody, without session or cookie, errors as problems."""
