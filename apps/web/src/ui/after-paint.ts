/**
 * Runs what a press leads to once the screen has been drawn after it: the press is seen first, however slow the machine, and
 * what is heavy to draw comes with a frame of its own. Returns what calls it off.
 */
export function afterPaint(run: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  // A frame's callback runs before its paint; what it puts off runs after.
  const frame = requestAnimationFrame(() => {
    timer = setTimeout(run, 0);
  });
  return () => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
  };
}
