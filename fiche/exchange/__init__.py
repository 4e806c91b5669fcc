"""The directory in other formats: the national one (data.inclusion v1) both ways, and a workbook for people.

Pure conversions: files in, sheets out, and back; the store and the screens decide what becomes of them.
"""
