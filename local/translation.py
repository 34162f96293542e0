"""The template as CloudFormation sees it: SAM hides defects that only the translated form shows."""

from typing import Any

import boto3
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator
from samtranslator.yaml_helper import yaml_parse

from local.places import REGION, TEMPLATE

PLACEHOLDER = "s3://placeholder/code.zip"


def translate_template() -> dict[str, Any]:
    """Translate template.yaml, with placeholders where ``sam build`` would put what it built."""
    template = yaml_parse(TEMPLATE.read_text())
    for resource in template["Resources"].values():
        resource.pop("Metadata", None)
        for name in ("CodeUri", "ContentUri"):
            if name in resource.get("Properties", {}):
                resource["Properties"][name] = PLACEHOLDER
    translator = Translator({}, Parser(), boto_session=boto3.Session(region_name=REGION))
    translated: dict[str, Any] = translator.translate(template, {"AWS::Region": REGION})
    return translated
