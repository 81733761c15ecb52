// What a curation comes to, as `contender curate` prints it.
import type { DatasetManifest } from '../domain/dataset.ts';
import type { TokenStatistics } from '../domain/token-statistics.ts';

/** What `--json` prints. */
export interface CurateReport extends Pick<
  DatasetManifest,
  'name' | 'version' | 'read' | 'kept' | 'dropped' | 'findings'
> {
  readonly dataset: string;
  readonly splits: Readonly<
    Record<'train' | 'validation' | 'test', { readonly rows: number; readonly sha256: string }>
  >;
  readonly card: string;
  readonly seconds: number;
  readonly rowsPerSecond: number;
  readonly remarks: readonly string[];
  /** With `--tokens`. */
  readonly tokens?: TokenStatistics;
}

/** `card` is where a person finds the data card; `seconds` is how long reading to splitting took. */
export function curateReport(
  manifest: DatasetManifest,
  card: string,
  {
    seconds,
    remarks,
    tokens,
  }: Pick<CurateReport, 'seconds' | 'remarks'> & { readonly tokens: TokenStatistics | undefined },
): CurateReport {
  const { name, version, read, kept, dropped, findings, splits } = manifest;
  const split = (one: keyof typeof splits): { rows: number; sha256: string } => ({
    rows: splits[one].rows,
    sha256: splits[one].file.sha256,
  });
  return {
    dataset: `${name}@${version}`,
    name,
    version,
    read,
    kept,
    dropped,
    findings,
    splits: { train: split('train'), validation: split('validation'), test: split('test') },
    card,
    seconds: Number(seconds.toFixed(3)),
    rowsPerSecond: Math.round(read / seconds),
    remarks,
    ...(tokens === undefined ? {} : { tokens }),
  };
}
