/** What the page's one live region says: counts of results, and the place just opened. */
class Live {
  text = $state('');

  say(text: string): void {
    this.text = text;
  }
}

export const live = new Live();
