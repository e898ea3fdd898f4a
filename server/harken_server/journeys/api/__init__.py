"""The keyed API of journeys and touchpoints."""
