"""Time-release statistics from event logs: read a log, measure stages, compare, attribute, and check paths.

Start with ``reading.read_log`` (or ``intake.log_from_rows``), then ``report.report_log``; the parts behind it are
``durations``, ``stages``, ``survival``, ``comparison``, ``attribution``, ``paths`` and ``conformance``. The method is
that of the WCO's guide to time-release studies, version 4: stages between stamps, trends, strata and stated outliers.
"""
