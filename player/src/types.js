// What travels between the page and its store, as types alone. The store is a kernel or a packed film.

/**
 * @typedef {[string, string, string]} LegendEntry a meaning, its word, its explanation
 *
 * @typedef {Object} Told what is said about a place
 * @property {number} [op] operation at hand, from 0; -1 before the first
 * @property {number} [ops]
 * @property {string} [call] the operation as a Go programmer writes it
 * @property {string} [asked] whose operation it is
 * @property {number} [event]
 * @property {number} [events]
 * @property {string} sentence
 * @property {string} [family] the family of events whose colour the dot has
 * @property {string} [kind]
 * @property {string} [explain] what this kind of event is
 * @property {{name: string, file?: string, url?: string} | null} [go]
 * @property {string[]} [remarks]
 * @property {string} [last] what the last event did, where the sentence is about more
 * @property {[number, string, boolean][]} [source] lines of the program around the one at hand: number, text, marked
 * @property {number} [lines] so many such lines there are at most
 * @property {[string, string][]} [lines_told] in place of operation and event
 * @property {string} [stop] why the run stops here
 *
 * @typedef {Object} Look what the classes of a raster look like and mean, on either paper
 * @property {string} heading
 * @property {number} columns
 * @property {string} cell "word", "page", "slot"
 * @property {number} bytes
 * @property {[number, string][]} starts first cell, address as decimal digits
 * @property {string[]} said
 * @property {{light: string[], dark: string[]}} colours
 * @property {[number, string, string][]} legend class, word, explanation
 * @property {{light: string, dark: string}} tone
 * @property {{light: string, dark: string}} rule
 *
 * @typedef {Object} RasterFrame
 * @property {string | null} from key of the frame whose raster the runs change; null: all zeros
 * @property {Uint32Array | null} runs triples (first cell, cells, class); null: nothing changed
 * @property {Uint8Array} [whole] all cells, in place of runs
 * @property {number} words
 * @property {Look} [look] absent: as at `from`
 * @property {[number, number][]} now
 *
 * @typedef {{name: string, label: string, ratio: number, place: "tab" | "main"}} RasterPlace
 *
 * @typedef {Object} Frame one place
 * @property {string} key
 * @property {number} at where the slider stands
 * @property {string | null} next
 * @property {string | null} back
 * @property {Told} told
 * @property {number} [line]
 * @property {{numbers: number[], size: [number, number], title: string} | null} [scene]
 * @property {LegendEntry[]} [legend]
 * @property {Record<string, RasterFrame | null>} [rasters] null: there is none at this place
 * @property {import("./chart.js").Now | null} [chart]
 * @property {string[]} [kinds]
 * @property {string | null} [break] the first place on the way here at which a breakpoint holds
 *
 * @typedef {Object} Control what an explorer lets its reader choose
 * @property {string} name
 * @property {"choice" | "toggle" | "number" | "text" | "button"} kind
 * @property {string} label
 * @property {string} [hint]
 * @property {any} [value]
 * @property {[string, any][]} [options] word, value
 * @property {number} [min]
 * @property {number} [max]
 * @property {boolean} [disabled]
 * @property {"bar" | "more"} [place]
 *
 * @typedef {Object} Listing lines of the program, all or those around the one at hand
 * @property {[string, number, number, number?, boolean?][]} lines text, operation or -1, depth, loop that begins there or -1,
 *   whether each time around that is shown
 * @property {number} [first] number of the first of them
 * @property {number} [total] how many the program has
 *
 * @typedef {Object} State all that is not told anew at each place; what is absent is as before
 * @property {string} [kind]
 * @property {number} epoch grows when frames that the page holds are no longer true
 * @property {boolean} [reset]
 * @property {number} [known]
 * @property {string[]} [shapes]
 * @property {Frame} [frame]
 * @property {number} [seq]
 * @property {number} [first] the slider's first position
 * @property {number} [last]
 * @property {string} [unit]
 * @property {string} [name]
 * @property {string} [hatches]
 * @property {string} [doc] what the help says of this explorer
 * @property {[string, string][]} [keys] keys of the explorer's own, and what they do
 * @property {Control[]} [controls]
 * @property {string} [error]
 * @property {{text: string, count: number}[]} [breakpoints]
 * @property {string[]} [finds]
 * @property {string[]} [can]
 * @property {Listing | null} [listing]
 * @property {RasterPlace[]} [rasters]
 * @property {import("./chart.js").ChartState | null} [chart]
 *
 * @typedef {Object} Query
 * @property {string | null} [key]
 * @property {"next" | "back" | "at"} [way]
 * @property {number} [position]
 * @property {number} count
 * @property {string | null} base key of the frame whose rasters the page will hold when it gets there
 * @property {string[]} seen names of the rasters that are shown
 *
 * @typedef {Object} Screen what shows frames
 * @property {(frame: Frame) => void} paint
 * @property {(frame: Frame) => void} learn called with each frame that arrives
 * @property {(frame: Frame) => boolean} whole whether a frame has all that is to be seen
 * @property {(run: () => void) => void} painted call back when the screen shows what was painted
 * @property {() => string[]} seen names of the rasters that are shown
 * @property {(playing: boolean) => void} played
 * @property {(busy: boolean) => void} waits
 *
 * @typedef {{kind: string, [more: string]: any}} Message
 *
 * @typedef {Object} Store where frames come from
 * @property {string[]} shapes SVG of each shape, by number
 * @property {(hear: (message: Message) => void, page: {dark: boolean, width: number}) => Promise<State>} open
 * @property {(query: Query, take: (frames: Frame[]) => void) => Promise<void>} ask frames come in one part or several;
 *   fewer than wanted where there are no more, none where they are out of date
 * @property {(message: Message) => void} send
 * @property {(what: string) => boolean} can
 * @property {() => void} close
 */

export {};
