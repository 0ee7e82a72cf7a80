"""Works: a mine and a mill at each of many sites, one power market, one budget; as tables, and as the same model written for linopy.

It is as large as wanted, so that building can be timed, and simple enough to be written twice: both have the same optimum.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

import masterplan as mp
from masterplan.data.case import Case

FIRST, RATE = 2026, 0.08
ORE, POWER = 1.5, 0.4  # taken by a tonne of steel
POWER_PRICE, MINE_COST, MILL_COST = 2.0, 1.0, 3.0
CAPEX_A_SITE = 14.0  # yearly limit of the company, a site


@dataclass(frozen=True, eq=False)
class Works:
    """The numbers: per site what steel sells for and how much of it, and per project capex, lead time and life."""

    sites: int
    years: int
    price: np.ndarray
    demand: np.ndarray
    capex: np.ndarray  # project x site

    lead: tuple[int, int] = (2, 1)  # shaft, furnace
    life: tuple[int, int] = (12, 6)
    most: int = 3  # modules of a project a year
    existing: float = 1.0  # of mine and mill


def works(sites: int, years: int = 15) -> Works:
    """Numbers that differ from site to site, the same every time."""
    draw = np.random.default_rng(sites)
    return Works(
        sites,
        years,
        price=draw.uniform(14.0, 22.0, sites).round(2),
        demand=draw.uniform(4.0, 20.0, sites).round(1),
        capex=np.stack([draw.uniform(3.0, 6.0, sites), draw.uniform(5.0, 9.0, sites)]).round(2),
    )


def as_case(w: Works) -> Case:
    """The tables."""
    site = np.arange(w.sites).astype(str)
    ore, steel, mine, mill = (np.char.add(f"{name}_", site) for name in ("ore", "steel", "mine", "mill"))
    shaft, furnace = np.char.add("shaft_", site), np.char.add("furnace_", site)
    frames = {
        "settings": {
            "setting": ["first_year", "last_year", "discount_rate"],
            "value": [str(FIRST), str(FIRST + w.years - 1), str(RATE)],
        },
        "resources": {"resource": np.concatenate([["power"], ore, steel]), "unit": "t"},
        "activities": {
            "activity": np.concatenate([mine, mill]),
            "unit": "t",
            "variable_cost": np.repeat([MINE_COST, MILL_COST], w.sites),
        },
        "existing_capacity": {"activity": np.concatenate([mine, mill]), "capacity": w.existing},
        "recipes": {
            "activity": np.concatenate([mine, mill, mill, mill]),
            "resource": np.concatenate([ore, ore, steel, np.full(w.sites, "power")]),
            "amount": np.repeat([1.0, -ORE, 1.0, -POWER], w.sites),
        },
        "projects": {
            "project": np.concatenate([shaft, furnace]),
            "activity": np.concatenate([mine, mill]),
            "capex": w.capex.ravel(),
            "lead_time": np.repeat(w.lead, w.sites),
            "life": np.repeat(w.life, w.sites),
            "max_per_year": float(w.most),
        },
        "markets": {
            "market": np.concatenate([["grid"], np.char.add("sale_", site)]),
            "resource": np.concatenate([["power"], steel]),
            "side": np.concatenate([["buy"], np.full(w.sites, "sell")]),
            "price": np.concatenate([[POWER_PRICE], w.price]),
            "limit": np.concatenate([[np.nan], w.demand]),
        },
        "finance": {"capex_limit": [CAPEX_A_SITE * w.sites]},
    }
    return mp.load({table: pd.DataFrame(columns) for table, columns in frames.items()}, f"works_{w.sites}")


def as_linopy(w: Works) -> Any:
    """The same model in linopy, written as its manual advises: arrays, no loop over sites or years."""
    import linopy
    import xarray as xr

    years = pd.RangeIndex(FIRST, FIRST + w.years, name="year")
    begin = years.rename("begin")
    site, project = pd.RangeIndex(w.sites, name="site"), pd.Index(["shaft", "furnace"], name="project")
    lead, life = (xr.DataArray(list(values), coords=[project]) for values in (w.lead, w.life))
    when, begun = xr.DataArray(years, coords=[years]), xr.DataArray(begin, coords=[begin])
    alive = (begun + lead <= when) & (when < begun + lead + life)
    spend = ((begun <= when) & (when < begun + lead)) / lead  # evenly over the lead time
    useful = begun + lead <= years[-1]
    factor = xr.DataArray((1 + RATE) ** -(np.arange(w.years) + 0.5), coords=[years])
    capex = xr.DataArray(w.capex, coords=[project, site])

    m = linopy.Model(force_dim_names=True)
    start = m.add_variables(
        lower=0, upper=w.most, coords=[project, site, begin], name="start", integer=True, mask=useful.broadcast_like(capex)
    )
    level = m.add_variables(lower=0, coords=[project, site, years], name="level")
    sale = m.add_variables(lower=0, upper=xr.DataArray(w.demand, coords=[site]), coords=[site, years], name="sale")
    power = m.add_variables(lower=0, coords=[years], name="power")
    mine, mill = level.sel(project="shaft"), level.sel(project="furnace")
    m.add_constraints(level - (start * alive).sum("begin") <= w.existing, name="capacity")
    m.add_constraints(mine - ORE * mill == 0, name="ore")
    m.add_constraints(mill - sale == 0, name="steel")
    m.add_constraints(power - POWER * mill.sum("site") == 0, name="power")
    m.add_constraints((start * (spend * capex)).sum(["project", "site", "begin"]) <= CAPEX_A_SITE * w.sites, name="budget")
    earned = sale * (factor * xr.DataArray(w.price, coords=[site])) - MINE_COST * factor * mine - MILL_COST * factor * mill
    spent = start * ((spend * factor).sum("year") * capex)
    m.add_objective(earned.sum() - POWER_PRICE * (factor * power).sum() - spent.sum(), sense="max")
    return m
