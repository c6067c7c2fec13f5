"""What a learner can move: the explorer and one module per lesson."""
