// Makes london-boroughs.json, the 33 borough outlines that are compiled into the binary.
//
// Source:   npm package vega-datasets 3.2.1, file data/londonBoroughs.json (TopoJSON, 33 boroughs, simplified).
//           Taken by file path, because the package exports only its entry.
// Licence:  UK Open Government Licence 3.0. From “Statistical GIS Boundary Files, London Datastore”: contains National
//           Statistics data © Crown copyright and database right 2015; contains Ordnance Survey data © Crown copyright
//           and database right 2015.
// What it does: decodes the arcs into rings, turns them as RFC 7946 asks (outer anticlockwise), rounds to five decimals
//           (about a metre; the same vertex is rounded the same in both neighbours), leaves out parts that the source's
//           own simplification has flattened to a line, adds the ONS codes, sorts by code.
//
// Use:      npm install --prefix <somewhere> vega-datasets@3.2.1
//           node make.mjs <somewhere>/node_modules/vega-datasets/data/londonBoroughs.json
// The result is committed, so that `cargo build` needs neither npm nor a network.

import { readFileSync, writeFileSync } from 'node:fs';

const source = process.argv[2];
if (!source) {
	console.error('usage: node make.mjs <path of londonBoroughs.json>');
	process.exit(2);
}
const topology = JSON.parse(readFileSync(source, 'utf8'));

/** Absolute coordinates of an arc: the file holds differences of whole numbers. */
function decode(arc) {
	const { scale, translate } = topology.transform;
	let [x, y] = [0, 0];
	return arc.map(([dx, dy]) => {
		[x, y] = [x + dx, y + dy];
		return [x * scale[0] + translate[0], y * scale[1] + translate[1]].map((v) => Number(v.toFixed(5)));
	});
}

const arcs = topology.arcs.map(decode);

/** A closed ring from arc numbers; a negative number ~n is arc n backwards. */
function ring(numbers) {
	const points = numbers.flatMap((n) => (n < 0 ? arcs[~n].toReversed() : arcs[n]).slice(0, -1));
	const distinct = points.filter((p, i) => i === 0 || String(p) !== String(points[i - 1]));
	return [...distinct, distinct[0]];
}

const area = (points) => points.slice(1).reduce((sum, [x, y], i) => sum + (points[i][0] * y - x * points[i][1]) / 2, 0);
const turned = (points, outer) => (area(points) > 0 === outer ? points : points.toReversed());
const polygon = (rings) => rings.map((numbers, i) => turned(ring(numbers), i === 0));

const boroughs = topology.objects.boroughs.geometries.map((g) => ({
	name: g.id,
	coordinates: (g.type === 'Polygon' ? [g.arcs] : g.arcs).map(polygon).filter(([outer]) => outer.length >= 4)
}));

// ONS codes: the City of London first, then the boroughs by alphabet.
const isCity = (name) => name === 'City of London';
boroughs.sort((a, b) => isCity(b.name) - isCity(a.name) || a.name.localeCompare(b.name, 'en'));
if (boroughs.length !== 33) throw new Error(`expected 33 boroughs, found ${boroughs.length}`);

const features = boroughs.map(({ name, coordinates }, i) =>
	JSON.stringify({
		type: 'Feature',
		properties: { code: `E09${String(i + 1).padStart(6, '0')}`, name },
		geometry: { type: 'MultiPolygon', coordinates }
	})
);
const target = new URL('london-boroughs.json', import.meta.url);
writeFileSync(target, `{"type":"FeatureCollection","features":[\n${features.join(',\n')}\n]}\n`);
