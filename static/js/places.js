// The places that the place field suggests, and the postcode nearest to a point. Everything happens in the browser: the list
// is fetched whole (clinics/place_list.py), so nobody is told what is typed or where somebody is.
"use strict";

const Places = (() => {
  const LONG = { å: "aa", ø: "oe", æ: "ae", ö: "oe", ä: "ae", ü: "y", é: "e", ß: "ss" };
  const SHORT = { å: "a", ø: "o", æ: "ae", ö: "o", ä: "a", ü: "u", é: "e", ß: "ss" };
  const LETTERS = /[åøæöäüéß]/g;
  const MOST = 8;
  const TOO_FAR = 50; // km from every postcode: at sea, or abroad

  // The same as clinics/text.py: normalise, fold and folds. A test compares them over every name there is.
  function normalise(text) {
    return text.normalize("NFKC").replace(/[\u00ad\u200b-\u200d\u2060\ufeff]/g, "").toLowerCase().normalize("NFKC")
      .replace(/[^\p{L}\p{N}]+/gu, " ").trim();
  }

  function folded(normal, table) {
    const plain = (part) => part.replace(LETTERS, (letter) => table[letter]);
    return plain(plain(normal).normalize("NFD").replace(/\p{M}/gu, "").normalize("NFC"));
  }

  function folds(text) {
    const normal = normalise(text);
    return [...new Set([folded(normal, LONG), folded(normal, SHORT)])];
  }

  // As clinics/places.py, keys_for: "nastved" finds Næstved.
  function keys(names) {
    const all = names.flatMap((name) => [...folds(name), ...folds(normalise(name).replaceAll("æ", "a"))]);
    return [...new Set(all)].filter(Boolean);
  }

  let loading;

  // One request for each page on which somebody comes to a place field, and the browser keeps the file.
  function load(address) {
    loading ??= fetch(address)
      .then((answer) => {
        if (!answer.ok) throw new Error(String(answer.status));
        return answer.json();
      })
      .then(({ places, postcodes }) => ({
        places: places.map(([name, about, inhabitants, ...others]) => ({
          name, about, inhabitants, keys: keys([name]), others: keys(others),
        })),
        postcodes: postcodes.map(([code, town, latitude, longitude]) => ({
          code, town, latitude: latitude / 100, longitude: longitude / 100,
        })),
      }))
      .catch((error) => {
        loading = undefined;
        throw error;
      });
    return loading;
  }

  function rank(place, typed) {
    const begins = (key) => typed.some((one) => key.startsWith(one));
    const hasWord = (key) => typed.some((one) => key.includes(` ${one}`));
    if (place.keys.some(begins)) return 0;
    if (place.others.some(begins)) return 1;
    return place.keys.some(hasWord) || place.others.some(hasWord) ? 2 : 3;
  }

  // [{value, about}], the likeliest first; digits are the beginning of a postcode, whatever follows.
  function suggest({ places, postcodes }, text) {
    const digits = normalise(text).match(/^(?:dk )?(\d{1,4})(?!\d)/);
    if (digits) {
      return postcodes.filter(({ code }) => code.startsWith(digits[1])).slice(0, MOST)
        .map(({ code, town }) => ({ value: `${code} ${town}`, about: "" }));
    }
    const typed = folds(text).filter(Boolean);
    if (!typed.length) return [];
    return places.map((place) => ({ place, rank: rank(place, typed) }))
      .filter((one) => one.rank < 3)
      .sort((one, other) => one.rank - other.rank || other.place.inhabitants - one.place.inhabitants)
      .slice(0, MOST)
      .map(({ place }) => ({ value: place.name, about: place.about }));
  }

  // "8000 Aarhus C", "" when nothing is near. The point is rounded to two decimals, about a kilometre, before it is used.
  function nearest({ postcodes }, latitude, longitude) {
    const [north, east] = [latitude, longitude].map((degrees) => Math.round(degrees * 100) / 100);
    const narrower = Math.cos((north * Math.PI) / 180);
    let best = null;
    let fewest = TOO_FAR / 111.2; // degrees
    for (const postcode of postcodes) {
      const away = Math.hypot(postcode.latitude - north, (postcode.longitude - east) * narrower);
      if (away < fewest) [best, fewest] = [postcode, away];
    }
    return best ? `${best.code} ${best.town}` : "";
  }

  return { folds, keys, load, nearest, suggest };
})();
