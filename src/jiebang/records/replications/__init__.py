"""Copies of validated results at other owners: adaptation, measured values, benefits."""
