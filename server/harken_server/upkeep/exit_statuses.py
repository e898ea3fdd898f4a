"""What a command's exit status says (sysexits)."""

from __future__ import annotations

EX_DATAERR = 65
EX_UNAVAILABLE = 69
EX_CANTCREAT = 73
EX_CONFIG = 78

EXIT_STATUS = {
    "bad_setting": EX_CONFIG,
    "bad_database_url": EX_CONFIG,
    "worker_needs_postgresql": EX_CONFIG,
    "database_too_new": EX_DATAERR,
    "database_unreleased": EX_DATAERR,
    "database_needs_migration": EX_DATAERR,
    "migration_failed": EX_DATAERR,
    "database_damaged": EX_DATAERR,
    "secret_key_damaged": EX_DATAERR,
    "widget_files_damaged": EX_DATAERR,
    "database_unfinished": EX_DATAERR,
    "backup_damaged": EX_DATAERR,
    "backup_unusable": EX_DATAERR,
    "copy_differs": EX_DATAERR,
    "copy_refused": EX_DATAERR,
    "backup_exists": EX_CANTCREAT,
    "database_not_empty": EX_CANTCREAT,
    "data_dir_unusable": EX_CANTCREAT,
    "database_read_only": EX_CANTCREAT,
    "cannot_listen": EX_UNAVAILABLE,
    "migration_locked": EX_UNAVAILABLE,
    "database_in_use": EX_UNAVAILABLE,
    "storage_unavailable": EX_UNAVAILABLE,
    "storage_busy": EX_UNAVAILABLE,
}
"""Exit status by error code (sysexits); anything else is 1, a wrong command line is 2."""
