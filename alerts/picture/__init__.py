"""Pictures of counts, drawn by hand as SVG. Pure but for ``png``, which loads a renderer when it is asked for one."""
