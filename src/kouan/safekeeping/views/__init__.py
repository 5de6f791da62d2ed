"""The pages of the safe."""
