import type { BigNumber, MathJsInstance, MathNode, Unit } from 'mathjs';

type Calculate = (expression: string) => string;

let opening: Promise<Calculate> | undefined;

/** What costs next to nothing for any argument: one short line must not cost seconds or megabytes. */
const FUNCTIONS = new Set(
  (
    'abs round floor ceil fix sign min max sqrt cbrt square cube pow exp log log2 log10 gcd lcm mod hypot ' +
    'factorial mean median sum sin cos tan asin acos atan sinh cosh tanh'
  ).split(' '),
);
/** With many digits some of these never come to an end; as the processor has them they have fifteen. */
const IN_FLOATS = [
  'sin',
  'cos',
  'tan',
  'asin',
  'acos',
  'atan',
  'sinh',
  'cosh',
  'tanh',
  'exp',
  'cbrt',
  'hypot',
] as const;
/** Numbers beyond 10 to the power of this are infinite, or zero. */
const MAX_EXPONENT = 400;
const CONSTANTS = new Set(['pi', 'e', 'tau', 'phi']);
const NODES = new Set(['ConstantNode', 'OperatorNode', 'ParenthesisNode', 'FunctionNode', 'SymbolNode']);
/** Above this a factorial has more digits than anybody reads, and takes long. */
const MAX_FACTORIAL = 200;
/** Digits kept while calculating; more than are shown, so that a third three times is one. */
const PRECISION = 40;

/** Loads the library at the first use: it takes a quarter of a second, which not every server needs to spend. */
export function openCalculator(): Promise<Calculate> {
  opening ??= load();
  return opening;
}

async function load(): Promise<Calculate> {
  const { all, create } = await import('mathjs');
  const math = create(all!, { number: 'BigNumber', precision: PRECISION });
  // The typings leave out that the class can be configured.
  const { BigNumber: Big } = math as unknown as { BigNumber: { set(limits: { maxE: number; minE: number }): void } };
  Big.set({ maxE: MAX_EXPONENT, minE: -MAX_EXPONENT });
  math.import(tamed(math), { override: true });
  const isUnit = (name: string): boolean => math.Unit.isValuelessUnit(name);
  return (expression) => {
    const parsed = math.parse(expression);
    requireArithmetic(parsed, isUnit);
    const value = parsed.evaluate() as unknown;
    if (typeof value === 'function') throw new Error('a function needs arguments in brackets');
    const isWhole = math.isBigNumber(value) && value.isInteger();
    return math.format(value, { precision: isWhole ? 30 : 15, lowerExp: -9, upperExp: 30 });
  };
}

/** The functions whose cost depends on their arguments, in a form that costs little for any. */
function tamed(math: MathJsInstance): Record<string, (...values: (BigNumber | Unit)[]) => unknown> {
  const { factorial } = math;
  const plain = (value: BigNumber | Unit): number =>
    math.isUnit(value) ? value.toNumber('rad') : math.number(value as BigNumber);
  const shown = (value: number): unknown => (Number.isFinite(value) ? math.bignumber(value) : value);
  const inFloats = IN_FLOATS.map((name) => {
    const compute = Math[name] as (...numbers: number[]) => number;
    return [name, (...values: (BigNumber | Unit)[]) => shown(compute(...values.map(plain)))] as const;
  });
  const bounded = (n: BigNumber | Unit): unknown => {
    const number = plain(n);
    if (!(number <= MAX_FACTORIAL)) throw new Error(`factorials beyond ${MAX_FACTORIAL} are too large`);
    return factorial(math.bignumber(number));
  };
  return { ...Object.fromEntries(inFloats), factorial: bounded };
}

/** Throws where the expression is more than arithmetic. */
function requireArithmetic(parsed: MathNode, isUnit: (name: string) => boolean): void {
  parsed.traverse((node) => {
    if (!NODES.has(node.type)) throw new Error('only arithmetic is possible here');
    const { name, fn, value } = node as unknown as { name?: string; fn?: { name?: string }; value?: unknown };
    if (node.type === 'ConstantNode' && typeof value === 'string') throw new Error('texts are not possible here');
    if (node.type === 'FunctionNode' && !FUNCTIONS.has(fn?.name ?? ''))
      throw new Error(`there is no function ${fn?.name}`);
    if (node.type === 'SymbolNode' && name && !FUNCTIONS.has(name) && !CONSTANTS.has(name) && !isUnit(name)) {
      throw new Error(`"${name}" is unknown`);
    }
  });
}
