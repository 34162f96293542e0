"""Where the local stack keeps its things, and where the project's own stand."""

import os
from pathlib import Path

ROOT = Path(__file__).parent.parent
LOCAL = ROOT / ".local"
ENVIRONMENTS = LOCAL / "environments"
STATE = Path(os.environ.get("LOCAL_STACK_FOLDER", LOCAL))
"""What one running stack keeps. The end-to-end tests run theirs beside yours by naming another folder."""
STACK_FILE = STATE / "stack.json"
PROCESSES_FILE = STATE / "processes.json"
REQUEST_LOG = STATE / "requests.jsonl"
BUILD = LOCAL / "build"
TEMPLATE = ROOT / "template.yaml"
REGION = "us-east-1"
STACK_NAME = "commerce-sync"
LOOPBACK = "127.0.0.1"
