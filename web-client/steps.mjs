// Places on a scale as classes, because the pages carry no style attributes: a timeline of up to
// 168 columns (fourteen hours of five minutes) says where a block begins and how long it is.

export const STEPS = 168;

export function steps() {
  const rules = [];
  for (let step = 1; step <= STEPS; step++) {
    rules.push(`.scale-${step}{--scale:${step}}`);
    rules.push(`.at-${step}{grid-column-start:${step}}`);
    rules.push(`.for-${step}{grid-column-end:span ${step}}`);
  }
  return rules.join("\n");
}
