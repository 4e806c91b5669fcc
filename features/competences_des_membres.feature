# language: fr
Fonctionnalité: Les compétences des membres
  Pour chaque situation énoncée par une source, la structure attendue vient en premier.

  @engagement-orientation
  Règle: La structure compétente vient en premier

    Plan du scénario: Situation et structure attendue
      Étant donné la personne : <personne>
      Quand l'agent demande vers qui l'orienter
      Alors la première structure est <structure>
      Et chaque raison cite une règle et une source

      Exemples:
        | personne                                                    | structure               |
        | demandeur d'emploi                                           | france-travail-dreux    |
        | cadre                                                        | apec-cvl                |
        | 20 ans                                                       | mission-locale-dreux    |
        | handicap reconnu                                             | phare-28                |
        | salarié                                                      | avenir-actifs-cvl       |
        | indépendant                                                  | avenir-actifs-cvl       |
        | fonction publique de l'État                                  | cmc-ministere           |
        | fonction publique territoriale, catégorie A+                 | cnfpt                   |
        | fonction publique territoriale, catégorie B                  | cdg-28                  |
        | fonction publique hospitalière                               | anfh                    |
        | apprenti                                                     | avenir-actifs-cvl       |
        | 66 ans, retraité, cherche un emploi                          | france-travail-dreux    |
        | 16 ans, sans activité                                        | mission-locale-dreux    |
        | perçoit le RSA                                               | conseil-departemental-28 |
        | 22 ans, sans activité, suivi par mission-locale              | mission-locale-dreux    |
        | salarié, non cadre, demande financer-formation               | transitions-pro-cvl     |
        | salarié, non cadre, demande demissionner-pour-projet         | avenir-actifs-cvl       |
        | demandeur d'emploi, demande financer-formation               | france-travail-dreux    |
        | demande valider-acquis                                       | espace-region-vae       |
        | demande creer-entreprise                                     | bge-28                  |
        | 17 ans, demande apprentissage, secteur artisanat             | cma-cvl-28              |
        | bac + 2, secteur agriculture, demande trouver-emploi         | apecita-cvl             |
        | 20 ans, demande vie-quotidienne                              | bij-dreux               |
        | 18 ans, demande job-etudiant                                 | bij-dreux               |
        | 20 ans, demande mobilite-internationale                      | bij-dreux               |
        | élève                                                        | cio-dreux               |
        | salarié, handicap reconnu, demande maintien-emploi           | phare-28                |
        | demande financer-creation                                    | initiative-eure-et-loir |
        | 20 ans, suivi par mission-locale, difficulté mobilite        | mission-locale-dreux    |
        | scolarisé en France, demande savoirs-de-base                 | cria-28                 |

  @engagement-orientation
  Règle: Le secteur désigne la chambre

    Plan du scénario: Créer son entreprise selon le secteur
      Étant donné la personne : demande creer-entreprise, <secteur>
      Quand l'agent demande vers qui l'orienter
      Alors la première structure est <structure>
      Et bge-28 est aussi proposée

      Exemples:
        | secteur                             | structure  |
        | secteur artisanat                   | cma-cvl-28 |
        | secteur commerce-industrie-services | cci-28     |

  @engagement-orientation
  Règle: Les âges de la mission locale sont ceux de la loi

    Plan du scénario: De 16 à 25 ans révolus, 29 avec une reconnaissance de handicap
      Étant donné la personne : <personne>
      Quand l'agent demande vers qui l'orienter
      Alors la première structure est <structure>

      Exemples:
        | personne                                                              | structure            |
        | 16 ans, demandeur d'emploi, demande trouver-emploi                     | mission-locale-dreux |
        | 25 ans, demandeur d'emploi, demande trouver-emploi                     | mission-locale-dreux |
        | 26 ans, demandeur d'emploi, demande trouver-emploi                     | france-travail-dreux |
        | 27 ans, demandeur d'emploi, handicap reconnu, demande contrat-engagement-jeune | mission-locale-dreux |
        | 29 ans, handicap reconnu, demande contrat-engagement-jeune             | mission-locale-dreux |

    Scénario: À 30 ans, le contrat d'engagement jeune n'est plus possible
      Étant donné la personne : 30 ans, handicap reconnu, demande contrat-engagement-jeune
      Quand l'agent demande vers qui l'orienter
      Alors mission-locale-dreux n'est pas proposée
      Et mission-locale-dreux est écartée par la règle offre-reservee
