"""Long runs: `make fuzz`, and CI. FUZZ_EXAMPLES sets how many texts each property is asked about."""

import os

from hypothesis import HealthCheck, settings

ASKED_FOR = os.environ.get("FUZZ_EXAMPLES")
EXAMPLES = int(ASKED_FOR or "2000")

settings.register_profile(
    "fuzz",
    max_examples=EXAMPLES,
    deadline=None,
    # A gate must not turn red by chance on a change that has nothing to do with what chance found: there the same examples
    # come every time. New ones are looked for on a developer's machine, and wherever somebody says how many.
    derandomize="CI" in os.environ and ASKED_FOR is None,
    print_blob=True,
    suppress_health_check=list(HealthCheck),
)
settings.load_profile("fuzz")
