// The audit service's answers: protobuf JSON of fuju.audit.v1, so int64 comes as text.

export interface MoneyFlow {
  allocatedFen: string;
  availableFen: string;
  reservedFen: string;
  paidFen: string;
  releasedFen: string;
}

export interface StageTime {
  stage: string;
  count: string;
  p50Ms: string;
  p90Ms: string;
  maxMs: string;
}

export interface Overview {
  money?: MoneyFlow;
  states: {state: string; applications: string}[];
  stages: StageTime[];
  events: string;
  lastEventTime?: string;
  cycle?: StageTime;
}

export interface SpendingLine {
  countyCode: string;
  itemCode: string;
  reservedCases: string;
  reservedFen: string;
  paidCases: string;
  paidFen: string;
  releasedFen: string;
}

export interface TraceEvent {
  sequence: string;
  type: string;
  source: string;
  subject: string;
  aggregateVersion: string;
  time: string;
  actor: string;
  dataJson: string;
  textZh: string;
  textEn: string;
}

export interface Names {
  counties: Record<string, string>;
  items: Record<string, {zh: string; en: string}>;
}

// What a failed call says, in the words of the service.
export class ApiError extends Error {}

async function get<T>(path: string, query: Record<string, string> = {}): Promise<T> {
  const search = new URLSearchParams(query).toString();
  const response = await fetch(search === '' ? path : `${path}?${search}`);
  const body = await response.json().catch(() => ({}));
  if (!response.ok) {
    throw new ApiError(typeof body.message === 'string' ? body.message : `HTTP ${response.status}`);
  }
  return body as T;
}

export const getOverview = () => get<Overview>('api/overview');
export const getNames = () => get<Names>('api/names');
export const getTrace = (application: string) =>
  get<{application: string; events: TraceEvent[]}>('api/trace', {application});

// All pages: a province has at most counties x items lines.
export async function getSpending(): Promise<SpendingLine[]> {
  const lines: SpendingLine[] = [];
  let token = '';
  do {
    const page = await get<{lines: SpendingLine[]; nextPageToken: string}>('api/spending', {
      page_size: '1000',
      ...(token === '' ? {} : {page_token: token}),
    });
    lines.push(...(page.lines ?? []));
    token = page.nextPageToken ?? '';
  } while (token !== '');
  return lines;
}
