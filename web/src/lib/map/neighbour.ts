/** Moving over a map with the arrow keys. */
export type Direction = 'up' | 'down' | 'left' | 'right';

export const ARROWS: Record<string, Direction> = {
  ArrowUp: 'up',
  ArrowDown: 'down',
  ArrowLeft: 'left',
  ArrowRight: 'right',
};

export interface Spot {
  code: string;
  x: number;
  y: number;
}

/** How far ahead and how far aside a step is, seen in a direction. */
function ahead(dx: number, dy: number, direction: Direction): [number, number] {
  switch (direction) {
    case 'up':
      return [-dy, Math.abs(dx)];
    case 'down':
      return [dy, Math.abs(dx)];
    case 'left':
      return [-dx, Math.abs(dy)];
    case 'right':
      return [dx, Math.abs(dy)];
  }
}

/** The nearest spot in a direction, looking 63° to either side and counting a step aside double; `null` at the edge. */
export function neighbour(spots: readonly Spot[], from: string, direction: Direction): string | null {
  const start = spots.find((spot) => spot.code === from);
  if (!start) return spots[0]?.code ?? null;
  let best: string | null = null;
  let least = Infinity;
  for (const spot of spots) {
    const [forward, aside] = ahead(spot.x - start.x, spot.y - start.y, direction);
    const cost = forward + 2 * aside;
    const within = forward > 0.5 && aside <= 2 * forward;
    if (within && cost < least) [best, least] = [spot.code, cost];
  }
  return best;
}
