"""Finding the paths of a flow: what can be decided at each wait, where each decision leads, and which calls show
it all."""
