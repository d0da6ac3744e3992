"""“Indberet”: somebody thinks that a review or a profile breaks the law or our rules. docs/reports.md.

`making` takes a report in, `deciding` answers it, `appeals` lets whoever was decided against ask for another pair of eyes.
"""
