"""What leaves the centre: one gate, then marts, platform, portal, and the proof that what ended has left."""
