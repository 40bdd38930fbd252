"""No content leaves the bot's own tables: not into a log of the database, of the models, or by a model itself."""

import json
import re

from tests.package.terraform import infra, inner

SILENT = {
    "log_statement": "none",
    "log_min_error_statement": "panic",
    "log_min_duration_statement": "-1",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "pg_qs.query_capture_mode": "none",
    "pgms_wait_sampling.query_capture_mode": "none",
    "pgaudit.log_parameter": "off",
}


def test_the_database_writes_no_content_into_its_log() -> None:
    tables = [each.body["for_each"] for each in infra().resources("azurerm_postgresql_flexible_server_configuration")]
    given = {name: value for table in tables for name, value in table.items()}
    assert {name: given.get(name) for name in SILENT} == SILENT
    assert not set(given["pgaudit.log"].split(",")) & {"read", "write", "all", "misc"}


def test_no_prompt_is_collected_as_a_log() -> None:
    texts = json.dumps(
        [
            each.body
            for each in infra().resources("azurerm_monitor_diagnostic_setting")
            if each.module in ("modules/openai", "modules/database")
        ]
    )
    assert not re.search(r"RequestResponse|\"Trace\"|allLogs|QueryStore|Sessions", texts)


def test_the_models_have_a_filter_against_both_attacks() -> None:
    filters = str(infra().locals("modules/openai")["filters"])
    assert "Jailbreak" in filters and "Indirect Attack" in filters
    (block,) = [
        block
        for name, block in inner(infra().only("azurerm_cognitive_account_rai_policy").body)
        if name == "content_filter"
    ]
    assert (block["filter_enabled"], block["block_enabled"]) == (True, True)
    deployment = infra().only("azurerm_cognitive_deployment").body
    assert deployment["rai_policy_name"] == "${azurerm_cognitive_account_rai_policy.parley.name}"
    assert "plantimestamp()" in json.dumps(deployment["lifecycle"])
