"""From rows to what a page draws: pure functions, no Streamlit, no network."""
