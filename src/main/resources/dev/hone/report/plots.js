// Draws every figure of the page from the values in its attributes, as wide as its place and anew when that changes.
// Colours are the page's own variables, so that light and dark need no script. A null is a gap.
'use strict';
(() => {
  const FONT = getComputedStyle(document.body).fontFamily;
  const GAP = [null, null];

  const marks = {
    base: {symbol: 'circle', symbolSize: 9, itemStyle: {color: 'var(--paper)', borderColor: 'var(--base)', borderWidth: 2, opacity: 1}},
    bm25: {symbol: 'rect', symbolSize: 9, itemStyle: {color: 'var(--bm25)', opacity: 1}},
    tuned: {symbol: 'circle', symbolSize: 11, itemStyle: {color: 'var(--tuned)', opacity: 1}},
    other: {symbol: 'diamond', symbolSize: 12, itemStyle: {color: 'var(--soft)', opacity: 1}},
  };
  const kind = model => (Object.hasOwn(marks, model) ? model : 'other');
  const colour = model => (kind(model) === 'other' ? 'var(--soft)' : `var(--${model})`);

  const number = value =>
    value !== 0 && Math.abs(value) < 1e-3 ? value.toExponential() : value.toLocaleString('en', {maximumFractionDigits: 6});

  const axis = options => ({
    type: 'value',
    scale: true,
    axisLine: {show: false},
    axisTick: {show: false},
    splitLine: {lineStyle: {color: 'var(--line)'}},
    ...options,
    axisLabel: {color: 'var(--soft)', fontSize: 12, hideOverlap: true, formatter: number, ...options.axisLabel},
  });
  const named = name => ({name, nameLocation: 'middle', nameGap: 22, nameTextStyle: {color: 'var(--soft)', fontSize: 12}});
  // The outer labels of a horizontal axis end where the plot does.
  const within = {alignMinLabel: 'left', alignMaxLabel: 'right'};
  const inside = {left: 0, right: 2, top: 8, bottom: 0, outerBoundsMode: 'same', outerBoundsContain: 'all'};

  const line = (data, color, width, more) => ({
    type: 'line',
    silent: true,
    showSymbol: false,
    data,
    lineStyle: {color, width},
    ...more,
  });
  const dots = (data, form) => ({type: 'scatter', silent: true, z: 3, data, ...form});
  const title = (text, top, width) => ({
    text,
    top,
    left: 0,
    padding: [0, 4, 0, 0],
    backgroundColor: 'var(--paper)',
    textStyle: {color: 'var(--ink)', fontSize: 13, fontWeight: 600, fontFamily: FONT, width: width - 4, overflow: 'truncate'},
  });

  // What no neighbour joins to a line is a point.
  const lonely = data =>
    data.filter((at, i) => at[1] !== null && (data[i - 1] ?? GAP)[1] === null && (data[i + 1] ?? GAP)[1] === null);

  function curve({steps, values, means}, width) {
    const points = heights => heights.map((height, i) => [steps[i], height]);
    const curves = means.length ? [[values, 'var(--base)', 1, .6], [means, 'var(--tuned)', 2, 1]] : [[values, 'var(--tuned)', 2, 1]];
    return {
      height: 210,
      grid: inside,
      xAxis: axis({
        min: 'dataMin',
        max: 'dataMax',
        minInterval: 1,
        splitNumber: width < 500 ? 3 : 6,
        splitLine: {show: false},
        ...named('update'),
        axisLabel: within,
      }),
      yAxis: axis({splitNumber: 4}),
      series: curves.flatMap(([heights, color, thickness, opacity]) => [
        line(points(heights), color, thickness, {lineStyle: {color, width: thickness, opacity}}),
        dots(lonely(points(heights)), {symbolSize: 5, itemStyle: {color, opacity}}),
      ]),
    };
  }

  // A row of marks per model under each data set's name; rows are measured in pixels.
  function intervals({groups}, width) {
    const titles = [];
    const rows = [];
    let y = 0;
    for (const {name, marks: models} of groups) {
      titles.push(title(name, y + 2, width));
      y += 22;
      for (const mark of models) {
        rows.push({...mark, y: y + 9});
        y += 18;
      }
      y += 12;
    }
    return {
      height: y + 24,
      title: titles,
      grid: {...inside, left: 6, right: 6, top: 0, bottom: 24, outerBoundsMode: 'none'},
      xAxis: axis({axisLabel: within}),
      yAxis: {type: 'value', inverse: true, min: 0, max: y, show: false},
      series: rows.flatMap(row => [
        line([[row.low, row.y], [row.high, row.y]], colour(row.model), 2),
        dots([[row.value, row.y]], marks[kind(row.model)]),
      ]),
    };
  }

  // An equal way to the right is an equal factor; models stand a little apart, so that intervals do not hide each other.
  function dimensions({curves}) {
    const dims = [...new Set(curves.flatMap(({points}) => points.map(({dim}) => dim)))].sort((a, b) => a - b);
    const span = Math.log2(dims.at(-1) / dims[0]) || 1;
    const places = dims.map(Math.log2);
    const x = (dim, model) => Math.log2(dim) + (model - (curves.length - 1) / 2) * .014 * span;
    return {
      height: 260,
      grid: inside,
      xAxis: axis({
        min: places[0] - .06 * span,
        max: places.at(-1) + .06 * span,
        splitLine: {show: false},
        axisTick: {show: false, customValues: places},
        axisLabel: {customValues: places, formatter: place => String(Math.round(2 ** place))},
        ...named('dimensions'),
      }),
      yAxis: axis({splitNumber: 4}),
      series: curves.flatMap(({model, points}, i) => [
        line(points.map(at => [x(at.dim, i), at.value]), colour(model), 1.25),
        line(points.flatMap(at => [[x(at.dim, i), at.low], [x(at.dim, i), at.high], GAP]), colour(model), 2),
        dots(points.map(at => [x(at.dim, i), at.value]), marks[kind(model)]),
      ]),
    };
  }

  // Each distribution in a grid of its own: as high as its own fullest bin, over the same axis.
  function histograms({low, high, rows}, width) {
    const colours = {positive: 'var(--good)', kept: 'var(--tuned)', rest: 'var(--base)'};
    const outline = counts => [...counts, counts.at(-1)].map((count, i) => [low + (high - low) * i / counts.length, count]);
    const last = rows.length - 1;
    return {
      height: rows.length * 64 + 24,
      title: rows.map(({name, pairs}, i) => title(`${name} (${pairs.toLocaleString('en')})`, i * 64 + 2, width)),
      grid: rows.map((_, i) => ({...inside, left: 6, right: 6, top: i * 64 + 20, height: 36, outerBoundsMode: 'none'})),
      xAxis: rows.map((_, i) => axis({gridIndex: i, axisLabel: {show: i === last, ...within}})),
      yAxis: rows.map((_, i) => ({type: 'value', gridIndex: i, show: false, min: 0, max: 'dataMax'})),
      series: rows.map(({colour, counts, median}, i) =>
        line(outline(counts), colours[colour], 0, {
          step: 'end',
          xAxisIndex: i,
          yAxisIndex: i,
          areaStyle: {color: colours[colour], opacity: 1},
          markLine: {
            silent: true,
            symbol: 'none',
            label: {show: false},
            lineStyle: {color: 'var(--ink)', width: 2, type: 'solid'},
            data: median === null ? [] : [{xAxis: median}],
          },
        })
      ),
    };
  }

  const kinds = {curve, intervals, dimensions, histograms};
  const charts = new Map();

  function draw(place, width) {
    const {height, ...options} = kinds[place.dataset.plot](JSON.parse(place.dataset.values), width);
    if (!charts.has(place)) {
      place.replaceChildren();
      charts.set(place, echarts.init(place, null, {renderer: 'svg', width, height}));
    }
    charts.get(place).resize({width, height});
    charts.get(place).setOption({animation: false, textStyle: {fontFamily: FONT}, ...options}, true);
  }

  // A place has no width as long as it is folded away.
  const drawn = new ResizeObserver(changes =>
    changes.filter(({contentRect}) => contentRect.width > 0).forEach(({target, contentRect}) => draw(target, contentRect.width))
  );
  document.querySelectorAll('[data-plot]').forEach(place => drawn.observe(place));

  // Paper is narrower than most windows.
  addEventListener('beforeprint', () => charts.forEach((_, place) => draw(place, 640)));
  addEventListener('afterprint', () => charts.forEach((_, place) => draw(place, place.clientWidth)));
})();
