import { METHODS } from 'node:http';

/** What we read of Express 5's router: its layers, in order; only those of routes have `route`. */
interface RouterLayer {
  match(path: string): unknown;
  route?: { methods: Record<string, boolean | undefined> };
}

export interface RouterStack {
  readonly stack: readonly RouterLayer[];
}

/** The methods that exist on this path, in upper case and order of the alphabet; empty where the path is unknown. */
export function allowedMethods({ stack }: RouterStack, path: string): string[] {
  const methods = new Set<string>();
  for (const { route, match } of stack.map(bound)) {
    if (!route || answersAll(route) || !match(path)) continue;
    for (const method of Object.keys(route.methods)) methods.add(method.toUpperCase());
  }
  if (methods.has('GET')) methods.add('HEAD');
  return [...methods].sort();
}

/** Middleware bound to every method (the request log is) looks like a route; it does not make a path known. */
const answersAll = ({ methods }: { methods: Record<string, boolean | undefined> }): boolean =>
  methods._all === true || METHODS.every((method) => methods[method.toLowerCase()]);

// Express throws on a path that is no valid percent-encoding: no route has it.
const bound = (layer: RouterLayer) => ({
  route: layer.route,
  match: (path: string): boolean => {
    try {
      return Boolean(layer.match(path));
    } catch {
      return false;
    }
  },
});
