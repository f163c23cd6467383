"""Each role's workspace, composed of panels, and the sample product."""
