import { router } from './router.svelte';

/** The section that the address names, if it is on the page. */
export function namedSection(): HTMLElement | null {
  const id = decodeURIComponent(router.hash.slice(1));
  return id ? document.getElementById(id) : null;
}

/** Shows a section and gives its heading the focus, so that the next Tab goes on from there. */
export function reach(section: HTMLElement): void {
  const heading = section.matches('h1, h2, h3') ? section : (section.querySelector<HTMLElement>('h1, h2, h3') ?? section);
  heading.tabIndex = -1;
  section.scrollIntoView();
  heading.focus({ preventScroll: true });
}

/** Goes to the section that the address names, once for each visit and as soon as it is there: a later change of the page must not make it jump. */
export function followSection(ready: () => boolean): void {
  let reached = -1;
  $effect(() => {
    const visit = router.visit;
    if (!ready() || visit === reached) return;
    reached = visit;
    const section = namedSection();
    if (section) reach(section);
  });
}
