"""The inner ring: money, dates, rules, lifecycle, ledger laws and file formats.

Pure Python: no Django, no network, no database and no clock. What needs the present time takes it as an argument.
"""
