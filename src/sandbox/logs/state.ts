export interface LogEvent {
  /** Virtual instant. */
  at: number;
  stream: string;
  message: string;
}

export interface LogGroup {
  name: string;
  ownerId: string;
  events: LogEvent[];
}
