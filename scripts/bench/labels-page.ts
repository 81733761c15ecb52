// The page about label errors that were put in and found.

export interface LabelsReport {
  readonly machine: { readonly cpu: string; readonly cores: number };
  readonly load: number;
  readonly node: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly rows: number;
  readonly labels: number;
  readonly wrong: number;
  readonly noise: number;
  readonly seed: number;
  readonly tools: readonly {
    readonly tool: string;
    readonly seconds: number;
    readonly listed: number;
    readonly precisionAt100: number;
    readonly precisionAtWrong: number;
    readonly precision: number;
    readonly recall: number;
    readonly auc: number;
  }[];
}

export function labelsPage(report: LabelsReport): string {
  const { machine, load, node, versions, rows, labels, wrong, noise, seed, tools } = report;
  const peers = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return `# Label errors

Written by \`npm run bench -- labels --data FILE.csv --input text --output category\`.

${rows} rows of ${labels} labels; ${wrong} labels (${noise * 100} %, seed ${seed}) were exchanged for another one. Found by \`findLabelErrors\` in
one thread, and by ${peers.join(' and ')} with tf-idf of words and pairs of words and logistic regression (C = 10), both in five folds.
Labels that were wrong before count as right, so precision is understated for both alike.

| tool | listed | precision of first 100 | of first ${wrong} | of all listed | recall | AUC of confidence | seconds |
| --- | --- | --- | --- | --- | --- | --- | --- |
${tools
  .map(
    (tool) =>
      `| ${tool.tool} | ${tool.listed} | ${[tool.precisionAt100, tool.precisionAtWrong, tool.precision, tool.recall, tool.auc].map((value) => value.toFixed(3)).join(' | ')} | ${tool.seconds.toFixed(1)} |`,
  )
  .join('\n')}

The AUC is of the confidence in the given label of all rows, listed or not. ${machine.cpu}, ${machine.cores} cores, load ${load.toFixed(1)}, Node.js ${node}.
`;
}
