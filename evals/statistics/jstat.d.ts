// Types of the few jStat functions in use; the package ships none.
declare module 'jstat' {
  interface Distribution<Parameters extends readonly number[]> {
    pdf(x: number, ...parameters: Parameters): number;
    cdf(x: number, ...parameters: Parameters): number;
    inv(p: number, ...parameters: Parameters): number;
  }
  const jstat: {
    readonly normal: Distribution<[mean: number, standardDeviation: number]>;
    betaln(a: number, b: number): number;
    readonly studentt: Distribution<[degreesOfFreedom: number]>;
  };
  export default jstat;
}
