"""What can be said of the rules as a whole: linted, proved on the space of situations, traced, mutated, compared."""
