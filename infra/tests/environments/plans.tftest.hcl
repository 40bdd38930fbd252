# That the files beside `environments` can be planned; run with each of them:
#   terraform test -test-directory=tests/environments -var-file=environments/prod.tfvars

mock_provider "azurerm" {}

mock_provider "azuread" {
  source = "./tests/mocks"
}

run "the_environment_can_be_planned" {
  command = plan
}
