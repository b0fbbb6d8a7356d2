/** A plane map of a city: longitude and latitude to pixels. Over tens of kilometres a cylinder touching at the middle latitude is true to well under 1 %. */
type Position = readonly number[];
type Ring = readonly Position[];
type Shape = GeoJSON.Polygon | GeoJSON.MultiPolygon;

/** West, south, east, north in degrees. */
export type Box = readonly [number, number, number, number];

export interface Projection {
  (position: Position): [number, number];
}

function rings(shape: Shape): readonly Ring[] {
  return shape.type === 'Polygon' ? shape.coordinates : shape.coordinates.flat();
}

/** The box around shapes; `null` when there are none. */
export function boxOf(shapes: readonly Shape[]): Box | null {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const shape of shapes) {
    for (const ring of rings(shape)) {
      for (const [x = 0, y = 0] of ring) {
        west = Math.min(west, x);
        east = Math.max(east, x);
        south = Math.min(south, y);
        north = Math.max(north, y);
      }
    }
  }
  return west <= east ? [west, south, east, north] : null;
}

function within([x = 0, y = 0]: Position, [west, south, east, north]: Box): boolean {
  return x >= west && x <= east && y >= south && y <= north;
}

/** The window of a map: around its shapes, or around its points where most of them lie elsewhere. */
export function windowOf(shapes: readonly Shape[], points: readonly Position[]): Box {
  const box = boxOf(shapes);
  if (box && points.filter((point) => within(point, box)).length * 2 >= points.length) return box;
  if (points.length === 0) return [0, 0, 1, 1];
  const xs = points.map(([x = 0]) => x);
  const ys = points.map(([, y = 0]) => y);
  const [west, south] = boxAround([Math.min(...xs), Math.min(...ys)], 400);
  const [, , east, north] = boxAround([Math.max(...xs), Math.max(...ys)], 400);
  return [west, south, east, north];
}

/** A box of about `metres` to each side of a point. */
export function boxAround([x = 0, y = 0]: Position, metres: number): Box {
  const dy = metres / 111_320;
  const dx = dy / Math.cos((y * Math.PI) / 180);
  return [x - dx, y - dy, x + dx, y + dy];
}

/** Fits a box into `width` × `height` pixels with a margin, centred, north up. */
export function fit(box: Box, width: number, height: number, margin = 8): Projection {
  const [west, south, east, north] = box;
  const squeeze = Math.cos((((south + north) / 2) * Math.PI) / 180);
  const wide = Math.max((east - west) * squeeze, 1e-9);
  const high = Math.max(north - south, 1e-9);
  const scale = Math.min((width - 2 * margin) / wide, (height - 2 * margin) / high);
  const left = (width - wide * scale) / 2;
  const top = (height - high * scale) / 2;
  return ([x = 0, y = 0]) => [left + (x - west) * squeeze * scale, top + (north - y) * scale];
}

/** Height over width of a box on the map. */
export function aspect([west, south, east, north]: Box): number {
  return (north - south) / ((east - west) * Math.cos((((south + north) / 2) * Math.PI) / 180));
}

/** SVG path data of a shape, to a tenth of a pixel; points that fall together are drawn once. */
export function pathData(shape: Shape, project: Projection): string {
  return rings(shape)
    .map((ring) => {
      let last = '';
      const steps: string[] = [];
      for (const position of ring) {
        const [x, y] = project(position);
        const step = `${x.toFixed(1)},${y.toFixed(1)}`;
        if (step !== last) steps.push(step);
        last = step;
      }
      return `M${steps.join('L')}Z`;
    })
    .join('');
}

/** Twice the signed area and the centroid of a ring (shoelace formula). */
function ringCentre(ring: Ring): { area: number; x: number; y: number } {
  let [area, x, y] = [0, 0, 0];
  const [ox = 0, oy = 0] = ring[0] ?? [];
  for (let at = 0; at + 1 < ring.length; at += 1) {
    const [ax, ay] = [(ring[at]![0] ?? 0) - ox, (ring[at]![1] ?? 0) - oy];
    const [bx, by] = [(ring[at + 1]![0] ?? 0) - ox, (ring[at + 1]![1] ?? 0) - oy];
    const cross = ax * by - bx * ay;
    area += cross;
    x += (ax + bx) * cross;
    y += (ay + by) * cross;
  }
  return area === 0 ? { area: 0, x: ox, y: oy } : { area, x: ox + x / (3 * area), y: oy + y / (3 * area) };
}

/** Centroid of the shape's largest outer ring, in degrees: the anchor of its label. */
export function centre(shape: Shape): [number, number] {
  const outer = shape.type === 'Polygon' ? [shape.coordinates[0]] : shape.coordinates.map((polygon) => polygon[0]);
  const all = outer.filter((ring) => ring !== undefined).map(ringCentre);
  const largest = all.reduce((best, next) => (Math.abs(next.area) > Math.abs(best.area) ? next : best), all[0] ?? { area: 0, x: 0, y: 0 });
  return [largest.x, largest.y];
}
