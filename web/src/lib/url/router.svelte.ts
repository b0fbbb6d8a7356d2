import { parseView, viewHref, type Choice, type Screen, type View } from './view';

interface Address {
  path: string;
  search: string;
  hash: string;
}

function here(): Address {
  return { path: location.pathname, search: location.search, hash: location.hash };
}

/** The address bar as reactive state. */
class Router {
  #address = $state.raw<Address>(here());
  #visit = $state(0);
  view: View = $derived(parseView(this.#address.path, this.#address.search));

  get hash(): string {
    return this.#address.hash;
  }

  /** Counts goings to an address, also to the one that is there already. */
  get visit(): number {
    return this.#visit;
  }

  get path(): string {
    return this.#address.path;
  }

  /** Follows the browser's own back and forward. Returns the way to stop. */
  listen(): () => void {
    const update = (): void => this.#arrive();
    addEventListener('popstate', update);
    document.addEventListener('click', this.#follow);
    return () => {
      removeEventListener('popstate', update);
      document.removeEventListener('click', this.#follow);
    };
  }

  #arrive(): void {
    this.#address = here();
    this.#visit += 1;
  }

  /** Goes to an address of the app. */
  go(href: string, how: 'push' | 'replace' = 'push'): void {
    const left = this.#address.path;
    if (how === 'replace') history.replaceState(null, '', href);
    else history.pushState(null, '', href);
    this.#arrive();
    if (this.#address.path !== left && !this.#address.hash) scrollTo(0, 0);
  }

  /** The address of the present screen with another choice. */
  hrefWith(changed: Partial<Choice>): string {
    const { screen, choice } = this.view;
    return viewHref({ screen, choice: { ...choice, ...changed } });
  }

  /** Changes the screen's own part of the address, under the same choice. */
  turn(screen: Screen): void {
    const href = viewHref({ screen, choice: this.view.choice });
    if (href !== location.pathname + location.search) this.go(href);
  }

  /** Changes the choice of the present screen. */
  choose(changed: Partial<Choice>): void {
    const href = this.hrefWith(changed);
    if (href !== location.pathname + location.search) this.go(href);
  }

  /** Turns a plain click on a link of the app into a change of state. */
  #follow = (event: MouseEvent): void => {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = (event.target as Element | null)?.closest?.('a');
    const href = link?.getAttribute('href');
    // The browser itself takes a link within the page only half way: it leaves the focus on nothing. The skip link goes to what can take it.
    const within = href?.startsWith('#') && href !== '#main';
    if (!link || !href || !(href.startsWith('/') || within) || link.hasAttribute('download') || href.startsWith('/api/')) return;
    event.preventDefault();
    this.go(href);
  };
}

export const router = new Router();
