export interface Zone {
  /** `eu-west-1a` */
  readonly name: string;
  /** `euw1-az1` */
  readonly id: string;
}

/** Three zones in every region, the ones `Fn::GetAZs` gives. */
export function zonesOf(region: string): readonly Zone[] {
  const short = region
    .split('-')
    .map((part) => part.replace(/^(north|south|east|west|central|gov)(north|south|east|west)?$/, initials))
    .join('');
  return ['a', 'b', 'c'].map((letter, index) => ({ name: `${region}${letter}`, id: `${short}-az${index + 1}` }));
}

const initials = (_: string, first: string, second = '') => `${first.charAt(0)}${second.charAt(0)}`;
