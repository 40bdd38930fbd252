"""The language models behind one protocol: Azure OpenAI and the offline engine."""
