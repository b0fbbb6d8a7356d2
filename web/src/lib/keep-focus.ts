import { tick } from 'svelte';

/** When what has the focus goes away, the focus goes to the heading of its section instead of nowhere. An attachment. */
export function keepFocus(root: HTMLElement): () => void {
  const home = root.closest('section')?.querySelector<HTMLElement>('h2') ?? document.querySelector<HTMLElement>('h1');
  let mine = root.contains(document.activeElement);
  const come = (): void => void (mine = true);
  const go = (event: FocusEvent): void => void (mine = event.relatedTarget === null);
  root.addEventListener('focusin', come);
  root.addEventListener('focusout', go);
  return () => {
    if (!mine || !home || (document.activeElement !== document.body && document.activeElement !== null && !root.contains(document.activeElement))) return;
    home.tabIndex = -1;
    home.focus({ preventScroll: true });
  };
}

/** Takes the focus to the first field of a form with which something is wrong. */
export async function toFirstWrong(form: HTMLElement | undefined): Promise<void> {
  await tick();
  form?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
}
