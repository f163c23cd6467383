// A chart: an ECharts option as data, drawn in our colours, read point by point with the arrow
// keys, saved as picture or CSV, shown as a table.
import "echarts";
import { t } from "./texts.js";

/** The build of the common charts is no module: it names itself. */
const { echarts } = globalThis;

const NAMES = [
  "ink",
  "ink-2",
  "ink-3",
  "paper",
  "paper-2",
  "paper-3",
  "float",
  "line",
  "line-strong",
  "value",
  "value-soft",
  "technical",
  "technical-soft",
  "agreed",
  "agreed-soft",
  "good",
  "warn",
  "bad",
];

const LANGUAGE = document.documentElement.lang || "en";
const numbers = new Intl.NumberFormat(LANGUAGE, { maximumFractionDigits: 12 });

/** A number as the page's language writes it; anything else as it is. */
function written(value) {
  if (typeof value === "number") return Number.isFinite(value) ? numbers.format(value) : "-";
  return Array.isArray(value) ? value.map(written).join(", ") : (value ?? "-");
}

/** The names of months and days, for axes of time. */
function nameTimes() {
  const names = (count, options, at) => {
    const format = new Intl.DateTimeFormat(LANGUAGE, { timeZone: "UTC", ...options });
    return Array.from({ length: count }, (_, number) => format.format(at(number)));
  };
  const month = (number) => Date.UTC(2026, number, 1);
  const weekday = (number) => Date.UTC(2026, 1, 1 + number); // a Sunday first
  echarts.registerLocale(LANGUAGE, {
    time: {
      month: names(12, { month: "long" }, month),
      monthAbbr: names(12, { month: "short" }, month),
      dayOfWeek: names(7, { weekday: "long" }, weekday),
      dayOfWeekAbbr: names(7, { weekday: "short" }, weekday),
    },
  });
}
if (LANGUAGE !== "en") nameTimes();

/** The tokens' colours as they are in this figure's theme. */
function coloursOf(figure) {
  const probe = document.createElement("span");
  probe.hidden = true;
  figure.append(probe);
  const colours = {};
  for (const name of NAMES) {
    probe.style.color = `var(--${name})`;
    colours[name] = getComputedStyle(probe).color;
  }
  probe.remove();
  return colours;
}

/** The technical lens's hatch, as a canvas pattern. */
function hatch(colours) {
  const tile = document.createElement("canvas");
  tile.width = tile.height = 8;
  const pen = tile.getContext("2d");
  pen.fillStyle = colours["technical-soft"];
  pen.fillRect(0, 0, 8, 8);
  pen.strokeStyle = colours.technical;
  pen.lineWidth = 2.5;
  pen.beginPath();
  for (const from of [-8, 0, 8]) {
    pen.moveTo(from, 8);
    pen.lineTo(from + 8, 0);
  }
  pen.stroke();
  return { image: tile, repeat: "repeat" };
}

/** "token:value" anywhere in an option stands for that token's colour, "token:hatch" for the hatch. */
function paint(value, colours) {
  if (typeof value === "string" && value.startsWith("token:")) {
    const name = value.slice(6);
    return name === "hatch" ? hatch(colours) : (colours[name] ?? value);
  }
  if (Array.isArray(value)) return value.map((each) => paint(each, colours));
  if (value && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, paint(each, colours)]));
  }
  return value;
}

function axis(colours, given = {}) {
  const base = {
    nameLocation: "end",
    nameTextStyle: { color: colours["ink-2"], align: given.nameLocation ? undefined : "left" },
    axisLine: { lineStyle: { color: colours["line-strong"] } },
    axisTick: { show: false },
    axisLabel: { color: colours["ink-2"], hideOverlap: true, ...(given.type === "value" ? { formatter: written } : {}) },
    splitLine: { lineStyle: { color: colours.line } },
  };
  return merge(base, given);
}

function merge(base, over) {
  const result = { ...base };
  for (const [key, value] of Object.entries(over ?? {})) {
    const deep = value && typeof value === "object" && !Array.isArray(value) && result[key] && typeof result[key] === "object";
    result[key] = deep ? merge(result[key], value) : value;
  }
  return result;
}

const many = (value) => (value === undefined ? [] : Array.isArray(value) ? value : [value]);

/** Our look around the given option. A series says its colour with tandemColor and tandemPattern. */
function dress(option, colours) {
  const order = ["ink", "ink-3", "agreed", "value", "technical"];
  const series = many(option.series).map((each, number) => {
    const colour = colours[each.tandemColor ?? order[number % order.length]];
    const fill = each.tandemPattern === "hatched" ? hatch(colours) : colour;
    return merge(
      {
        color: fill,
        itemStyle: { color: fill, ...(each.tandemPattern ? { borderColor: colour, borderWidth: 1 } : {}) },
        lineStyle: { color: colour, width: 2 },
        symbolSize: 5,
        showSymbol: each.type !== "line" || many(each.data).length < 40,
        emphasis: { focus: "none", itemStyle: { borderColor: colours.ink, borderWidth: 2 } },
        animationDuration: 120,
      },
      each,
    );
  });
  const labelled = series.some((each) => each.endLabel?.show);
  return {
    animation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, fontSize: 12, color: colours.ink },
    grid: {
      left: 8,
      right: labelled ? 76 : 16,
      top: option.legend ? 28 : 4,
      bottom: 2,
      outerBoundsMode: "same",
      outerBoundsContain: "all",
    },
    ...option,
    xAxis: many(option.xAxis).map((each) => axis(colours, { nameLocation: "middle", nameGap: 26, ...each })),
    yAxis: many(option.yAxis).map((each) => axis(colours, each)),
    legend:
      option.legend &&
      merge({ top: 0, left: 0, textStyle: { color: colours["ink-2"] }, itemWidth: 14, itemHeight: 9 }, option.legend),
    // HTML tooltips would set style attributes, which the Content-Security-Policy forbids.
    tooltip: merge(
      {
        trigger: "axis",
        valueFormatter: written,
        renderMode: "richText",
        confine: true,
        backgroundColor: colours.float,
        borderColor: colours["line-strong"],
        borderWidth: 1,
        borderRadius: 4,
        shadowBlur: 0,
        padding: [6, 10],
        textStyle: { color: colours.ink, fontSize: 12 },
        axisPointer: { lineStyle: { color: colours["line-strong"] } },
      },
      option.tooltip,
    ),
    series,
  };
}

function pointsOf(chart) {
  const { series } = chart.getOption();
  return series.flatMap((each, seriesIndex) =>
    each.silent || each.tandemQuiet ? [] : many(each.data).map((_, dataIndex) => ({ seriesIndex, dataIndex })),
  );
}

function say(chart, { seriesIndex, dataIndex }) {
  const option = chart.getOption();
  const series = option.series[seriesIndex];
  const datum = series.data[dataIndex];
  const value = datum?.value ?? datum;
  const category = option.xAxis?.[0]?.data?.[dataIndex] ?? option.yAxis?.[0]?.data?.[dataIndex];
  // A named point is told by its name, which says more than where it lies.
  if (datum?.name && Array.isArray(value)) return [datum.name.replaceAll("\n", ": "), series.name].join(", ");
  const place = category ?? (Array.isArray(value) ? value[0] : datum?.name);
  const amount = Array.isArray(value) ? value.slice(1) : value;
  return [series.name, place, amount === undefined || amount === null ? t("none") : written(amount)].filter((part) => part !== undefined && part !== "").join(", ");
}

function datumOf(chart, { seriesIndex, dataIndex }) {
  return chart.getOption().series[seriesIndex].data[dataIndex];
}

/** A point may lead somewhere: its datum's href, by click or by Enter. */
function open(datum) {
  if (datum?.href) location.assign(datum.href);
}

/** Arrow keys walk the points; each is shown and said. */
function readWithKeys(figure, plot, chart) {
  let at = -1;
  const reading = figure.querySelector(".chart-reading");
  plot.addEventListener("keydown", (event) => {
    const points = pointsOf(chart);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: points.length - 1 }[event.key];
    if (event.key === "Escape") {
      chart.dispatchAction({ type: "hideTip" });
      return;
    }
    if (event.key === "Enter" && points[at]) open(datumOf(chart, points[at]));
    if (to === undefined || !points.length) return;
    event.preventDefault();
    if (points[at]) chart.dispatchAction({ type: "downplay", ...points[at] });
    at = Math.min(points.length - 1, Math.max(0, to));
    chart.dispatchAction({ type: "highlight", ...points[at] });
    chart.dispatchAction({ type: "showTip", ...points[at] });
    reading.textContent = say(chart, points[at]);
  });
  plot.addEventListener("blur", () => {
    if (points(at)) chart.dispatchAction({ type: "downplay", ...points(at) });
    chart.dispatchAction({ type: "hideTip" });
    reading.textContent = "";
  });
  function points(number) {
    return pointsOf(chart)[number];
  }
}

function save(name, address) {
  const link = document.createElement("a");
  link.download = name;
  link.href = address;
  link.click();
}

function csvOf(table) {
  const quote = (text) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return [...table.rows].map((row) => [...row.cells].map((cell) => quote(cell.textContent.trim())).join(",")).join("\r\n");
}

function tools(figure, plot, instance) {
  const twin = figure.querySelector("[data-chart-twin]");
  const table = figure.querySelector(".chart-table");
  twin?.addEventListener("click", () => {
    table.hidden = !table.hidden;
    plot.hidden = !table.hidden;
    twin.setAttribute("aria-expanded", String(!table.hidden));
    instance().resize();
  });
  figure.querySelector("[data-chart-png]")?.addEventListener("click", () => {
    save(`${figure.id}.png`, instance().getDataURL({ pixelRatio: 2, backgroundColor: coloursOf(figure).paper }));
  });
  figure.querySelector("[data-chart-csv]")?.addEventListener("click", () => {
    const address = URL.createObjectURL(new Blob([`\ufeff${csvOf(table.querySelector("table"))}`], { type: "text/csv" }));
    save(`${figure.id}.csv`, address);
    setTimeout(() => URL.revokeObjectURL(address), 1000);
  });
}

/** still: at once as it is, for paper. */
export function draw(figure, still = false) {
  const plot = figure.querySelector(".chart-plot");
  const option = JSON.parse(figure.querySelector("[data-chart-option]").textContent);
  // On a nameless element of its own: when htmx swaps the figure, it carries the attributes of named
  // ones over, and the style attribute ECharts sets is one the Content-Security-Policy forbids.
  const canvas = document.createElement("div");
  canvas.className = "chart-canvas";
  plot.replaceChildren(canvas);
  const chart = echarts.init(canvas, null, { renderer: "canvas", locale: LANGUAGE.toUpperCase() });
  const show = (event) => {
    const colours = coloursOf(figure);
    const dressed = dress(paint(option, colours), colours);
    if (event || still) dressed.animation = false;
    chart.setOption(dressed, true);
    // Before a page is printed there is no next frame.
    chart.getZr().flush();
  };
  show();
  readWithKeys(figure, plot, chart);
  chart.on("click", ({ data }) => open(data));
  tools(figure, plot, () => chart);
  const size = new ResizeObserver(() => {
    if (!plot.isConnected) {
      size.disconnect();
      chart.dispose();
      document.removeEventListener("tandem:theme", show);
    } else if (!plot.hidden) chart.resize();
  });
  size.observe(plot);
  document.addEventListener("tandem:theme", show);
  figure.dataset.drawn = "true";
}
