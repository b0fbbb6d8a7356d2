/** Width of an element in CSS pixels, followed as it changes: charts are laid out for it, never scaled. */
export class Width {
  px = $state(0);

  /** Svelte attachment: `{@attach width.measure}`. */
  measure = (element: Element): (() => void) => {
    this.px = Math.floor(element.getBoundingClientRect().width);
    const observer = new ResizeObserver(([entry]) => {
      if (entry) this.px = Math.floor(entry.contentRect.width);
    });
    observer.observe(element);
    return () => observer.disconnect();
  };
}
