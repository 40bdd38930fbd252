"""The loopback world: doubles of Teams, Entra, Graph and Azure OpenAI that keep what a person sees."""
